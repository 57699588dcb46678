export { default } from "@internal/plugin-releases";
