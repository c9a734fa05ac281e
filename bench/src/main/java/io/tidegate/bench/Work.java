package io.tidegate.bench;

/// What is asked of a server.
enum Work {
  /// Store one event of 1 KiB.
  PRODUCE,
  /// Read one item by its key.
  GET_ONE,
  /// Read a hundred items as one array.
  GET_MERGED;

  byte[] request() {
    return switch (this) {
      case PRODUCE -> Requests.event();
      case GET_ONE -> Requests.oneItem();
      case GET_MERGED -> Requests.allItems();
    };
  }

  /// The request that succeeds once the server is up.
  byte[] first() {
    return switch (this) {
      case PRODUCE -> Requests.event();
      case GET_ONE, GET_MERGED -> Requests.putItem(0);
    };
  }

  /// How long the body of a good reply is at least.
  long leastReplyBytes() {
    return switch (this) {
      case PRODUCE -> 0;
      case GET_ONE -> Requests.BODY_BYTES;
      case GET_MERGED -> (Requests.BODY_BYTES + 1L) * Requests.ITEMS + 1;
    };
  }
}
