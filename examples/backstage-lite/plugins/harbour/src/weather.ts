export { default } from "@lantern/plugin-weather";
