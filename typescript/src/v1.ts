/** The contract `fillwire.v1`: its messages, enums and services, as `@bufbuild/protobuf` generates them. */
export * from "./gen/fillwire/v1/account_service_pb.js";
export * from "./gen/fillwire/v1/market_service_pb.js";
export * from "./gen/fillwire/v1/order_pb.js";
export * from "./gen/fillwire/v1/order_service_pb.js";
export * from "./gen/fillwire/v1/route_pb.js";
