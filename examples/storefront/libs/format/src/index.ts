export { formatDate, formatDateRange } from "./dates";
export { formatPrice } from "./prices";
