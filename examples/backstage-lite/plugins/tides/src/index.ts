export { tidesPlugin as default } from "./plugin";
