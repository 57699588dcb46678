export { default } from "@internal/plugin-on-call";
