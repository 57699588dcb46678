import { formatPrice } from "@storefront/format";
import { setQuantity } from "@storefront/store";
import type { CartLine } from "@storefront/store";
import { Button, Picture, Stepper } from "@storefront/ui";

export interface CartLinesProps {
  readonly lines: readonly CartLine[];
}

export function CartLines({ lines }: CartLinesProps) {
  return (
    <ul className="cart-lines" data-testid="cart-lines">
      {lines.map((line) => (
        <li key={line.id} className="cart-line" data-testid={`line-${line.id}`}>
          <Picture src={line.image} tint={line.tint} size="thumb" />
          <div className="cart-line__what">
            <strong>{line.name}</strong>
            <span className="ui-quiet">{formatPrice(line.unitCents)} each</span>
          </div>
          <Stepper
            label={line.name}
            value={line.quantity}
            onChange={(quantity) => setQuantity(line.id, quantity)}
          />
          <span className="cart-line__sum">{formatPrice(line.unitCents * line.quantity)}</span>
          <Button
            kind="plain"
            aria-label={`Remove ${line.name}`}
            data-testid={`remove-${line.id}`}
            onClick={() => setQuantity(line.id, 0)}
          >
            Remove
          </Button>
        </li>
      ))}
    </ul>
  );
}
