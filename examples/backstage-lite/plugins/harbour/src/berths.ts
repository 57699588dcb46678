export { default } from "@lantern/plugin-berths";
