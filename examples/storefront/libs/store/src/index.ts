export { addToCart, cartCount, clearCart, setQuantity, useCart } from "./cart";
export type { CartItem, CartLine } from "./cart";
export { placeOrder, useOrders } from "./orders";
export type { Order } from "./orders";
export { signIn, signOut, useCustomer } from "./session";
export type { Customer } from "./session";
