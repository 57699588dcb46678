import board from "~/images/board.svg";
import bowl from "~/images/bowl.svg";
import canister from "~/images/canister.svg";
import dripper from "~/images/dripper.svg";
import grinder from "~/images/grinder.svg";
import kettle from "~/images/kettle.svg";
import mug from "~/images/mug.svg";
import towel from "~/images/towel.svg";
import catalog from "~/products.json";

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly unitCents: number;
  readonly tint: string;
  /** Address of the picture. */
  readonly image: string;
  /** One line for the shelf. */
  readonly line: string;
  /** A few sentences for the product's own page. */
  readonly about: string;
  readonly featured: boolean;
}

const pictures: Readonly<Record<string, string>> = {
  board,
  bowl,
  canister,
  dripper,
  grinder,
  kettle,
  mug,
  towel,
};

export const products: readonly Product[] = catalog.map(({ picture, ...product }) => {
  const image = pictures[picture];
  if (image === undefined) {
    throw new Error(`products.json: ${product.id} names the picture "${picture}", which is none.`);
  }
  return { ...product, image };
});

export function productById(id: string | undefined): Product | undefined {
  return products.find((product) => product.id === id);
}
