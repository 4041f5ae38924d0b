import axios from 'axios';
import { sortBy } from 'lodash';
import { marked } from 'marked';
import { createElement } from 'react';
import templates from 'templates';

/** The page of a product, from what the shop's server says of it. */
export async function productPage(id) {
  const { data } = await axios.get(`/products/${id}`);
  const prices = sortBy(data.prices, 'amount');
  return createElement('main', null, templates.template(data.layout)({ prices, text: marked(data.text) }));
}
