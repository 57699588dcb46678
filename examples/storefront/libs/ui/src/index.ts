export { Button, buttonClass } from "./Button";
export type { ButtonKind } from "./Button";
export { Card } from "./Card";
export { EmptyState } from "./EmptyState";
export { Field } from "./Field";
export { Picture } from "./Picture";
export { Stepper } from "./Stepper";
