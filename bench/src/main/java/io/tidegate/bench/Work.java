package io.tidegate.bench;

/// What is asked of a server.
enum Work {
  /// Store one event of 1 KiB.
  PRODUCE,
  /// Store one webhook of 2 KiB, signed with HMAC-SHA256. The limit checks no signature.
  WEBHOOK,
  /// The same, acknowledged from memory. The limit does not wait for its log either.
  WEBHOOK_MEMORY,
  /// Publish one event of 1 KiB for a tenant, by the API of event destinations.
  PUBLISH,
  /// Read one item by its key.
  GET_ONE,
  /// Read a hundred items as one array.
  GET_MERGED;

  byte[] request() {
    return switch (this) {
      case PRODUCE -> Requests.event();
      case WEBHOOK -> Requests.webhook(Requests.DURABLE);
      case WEBHOOK_MEMORY -> Requests.webhook(Requests.MEMORY);
      case PUBLISH -> Requests.publish();
      case GET_ONE -> Requests.oneItem();
      case GET_MERGED -> Requests.allItems();
    };
  }

  /// The request that succeeds once the server is up.
  byte[] first() {
    return switch (this) {
      case PRODUCE, WEBHOOK, WEBHOOK_MEMORY -> request();
      case PUBLISH -> Requests.putTenant();
      case GET_ONE, GET_MERGED -> Requests.putItem(0);
    };
  }

  boolean stores() {
    return switch (this) {
      case PRODUCE, WEBHOOK, WEBHOOK_MEMORY, PUBLISH -> true;
      case GET_ONE, GET_MERGED -> false;
    };
  }

  /// The product says how long it takes itself.
  boolean isTimedInside() {
    return this == WEBHOOK || this == WEBHOOK_MEMORY;
  }

  /// A success means that it is stored.
  boolean isDurable() {
    return this == PRODUCE || this == WEBHOOK || this == PUBLISH;
  }

  /// How long the body of a good reply is at least.
  long leastReplyBytes() {
    return switch (this) {
      case PRODUCE, WEBHOOK, WEBHOOK_MEMORY, PUBLISH -> 0;
      case GET_ONE -> Requests.BODY_BYTES;
      case GET_MERGED -> (Requests.BODY_BYTES + 1L) * Requests.ITEMS + 1;
    };
  }
}
