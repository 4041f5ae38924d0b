const { createLogger } = require('acme-logger');
const express = require('express');
const jwt = require('jsonwebtoken');
const { pick } = require('lodash');
const request = require('request');
const { WebSocketServer } = require('ws');

const log = createLogger('api');
const app = express();

app.get('/products/:id', (incoming, answer) => {
  const user = jwt.verify(incoming.headers.authorization, process.env.SHOP_KEY);
  log.info(`product ${incoming.params.id} for ${user.name}`);
  request(`${process.env.SHOP_STORE}/${incoming.params.id}`, { json: true }, (error, _, body) => {
    answer.send(error ? { error: 'the store does not answer' } : pick(body, ['name', 'prices', 'text', 'layout']));
  });
});

module.exports = { app, sockets: new WebSocketServer({ noServer: true }) };
