import { Button } from "./Button";

export default { title: "Button", component: Button };

export const Solid = () => <Button>Add to cart</Button>;

export const Outline = () => <Button kind="outline">Keep browsing</Button>;

export const Plain = () => <Button kind="plain">Remove</Button>;

export const Disabled = () => <Button disabled>Sold out</Button>;
