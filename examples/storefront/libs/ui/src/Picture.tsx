import "./Picture.css";

export interface PictureProps {
  readonly src: string;
  /** CSS colour of the tile behind the picture. */
  readonly tint: string;
  readonly alt?: string;
  readonly size?: "fill" | "thumb";
}

/** A product's picture on its coloured tile. */
export function Picture({ src, tint, alt = "", size = "fill" }: PictureProps) {
  return (
    <span className={`ui-picture ui-picture--${size}`} style={{ backgroundColor: tint }}>
      <img src={src} alt={alt} width={320} height={320} />
    </span>
  );
}
