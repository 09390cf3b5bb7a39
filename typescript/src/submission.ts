/** The course of a submit that is watched: submitted again until the order is known, and watched from then on. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CallOptions } from "@connectrpc/connect";

import type { Line } from "./line.js";
import { OrderCourse, type Ask, type Frame } from "./order-course.js";
import { present } from "./present.js";
import type { OrderEvent, SubmitOrderRequestSchema } from "./v1.js";

type Request = MessageInitShape<typeof SubmitOrderRequestSchema>;

/** A watch that begins with a submit. The request, with its id, is made once: no connection can make a second order. */
export class Submission extends OrderCourse {
  readonly #write: () => Promise<Request>;
  #request: Request | undefined;

  constructor(write: () => Promise<Request>, line: Line, wish: Ask) {
    super("", line, wish);
    this.#write = write;
  }

  override async open(options: CallOptions): Promise<AsyncIterable<Frame>> {
    if (this.snapshot !== undefined) return super.open(options);
    this.#request ??= await this.#write();
    return this.line.orders.submitAndWatchOrder({ order: this.#request, ...this.manner }, options);
  }

  override take(frame: Frame): OrderEvent | undefined {
    const told = frame.frame;
    if (told.case !== "submitted") return super.take(frame);
    const order = present(told.value.order, "order");
    this.orderId = order.orderId;
    return this.begin(order);
  }
}
