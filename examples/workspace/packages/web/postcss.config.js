import postcss from 'postcss';

export default { plugins: [postcss.plugin('shop', () => () => undefined)] };
