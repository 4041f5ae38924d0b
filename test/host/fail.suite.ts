suite('x',()=>{test('fails',()=>{throw new Error('boom')})})
