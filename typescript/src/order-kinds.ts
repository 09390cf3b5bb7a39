/** Writes what makes an order execute. */
import type { MessageInitShape } from "@bufbuild/protobuf";

import type { Pen } from "./pen.js";
import type { OrderKind } from "./terms.js";
import type { OrderSpecSchema } from "./v1.js";

type Type = NonNullable<MessageInitShape<typeof OrderSpecSchema>["type"]>;

/** The type of an order whose pair the pen knows. Throws `TypeError` for a kind that there is not. */
export function writeKind(type: OrderKind, pen: Pen): Type {
  switch (type.kind) {
    case "market":
      return { case: "market", value: {} };
    case "limit":
      return { case: "limit", value: { limitPrice: pen.price("limit.limit_price", type.limitPrice) } };
    case "stop":
      return { case: "stop", value: { triggerPrice: pen.price("stop.trigger_price", type.triggerPrice) } };
    case "takeProfit":
      return { case: "takeProfit", value: { triggerPrice: pen.price("take_profit.trigger_price", type.triggerPrice) } };
    case "trailingStop": {
      const trailBps = pen.count("trailing_stop.trail_bps", type.trailBps);
      const activationPrice = pen.price("trailing_stop.activation_price", type.activationPrice);
      return { case: "trailingStop", value: { trailBps, activationPrice } };
    }
    case "scheduled":
      return { case: "scheduled", value: { executeTime: pen.time("scheduled.execute_time", type.executeTime) } };
    case "twap": {
      const slices = pen.count("twap.slices", type.slices);
      const interval = pen.span("twap.interval", type.intervalMs);
      return { case: "twap", value: { slices, interval, startTime: pen.time("twap.start_time", type.startTime) } };
    }
    case "sniper": {
      const minLiquidity = pen.amount("sniper.min_liquidity", pen.terms.tokenIn, type.minLiquidity);
      return { case: "sniper", value: { trigger: type.trigger, minLiquidity } };
    }
    case "oco": {
      const limitPrice = pen.price("oco.limit.limit_price", type.limitPrice);
      const triggerPrice = pen.price("oco.stop.trigger_price", type.triggerPrice);
      return { case: "oco", value: { limit: { limitPrice }, stop: { triggerPrice } } };
    }
    default:
      throw new TypeError(`no order is of the kind "${String((type satisfies never as OrderKind).kind)}"`);
  }
}
