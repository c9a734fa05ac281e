package io.tidegate.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The two ports of the node on 127.0.0.1: one for clients, one for the node to speak with itself.
/// Both were free a moment ago.
record LoopbackPorts(int clients, int controller) {

  static final String HOST = "127.0.0.1";

  private static final int USUAL = 9094;
  private static final int NEIGHBOURS = 20;

  /// A port that was asked for is had or refused; a remembered one is kept while it is free.
  ///
  /// @throws BindException when the port that was asked for cannot be had
  static LoopbackPorts choose(OptionalInt asked, OptionalInt remembered) throws IOException {
    try (var clients = clients(asked, remembered);
        var controller = bind(0)) {
      return new LoopbackPorts(clients.getLocalPort(), controller.getLocalPort());
    }
  }

  boolean areFree() {
    try (var clients = bind(clients());
        var controller = bind(controller())) {
      return clients.isBound() && controller.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  String clientAddress() {
    return HOST + ":" + clients;
  }

  String controllerAddress() {
    return HOST + ":" + controller;
  }

  private static ServerSocket clients(OptionalInt asked, OptionalInt remembered)
      throws IOException {
    if (asked.orElse(0) != 0) {
      return bind(asked.getAsInt());
    }
    var usual = asked.isPresent() ? IntStream.empty() : IntStream.range(USUAL, USUAL + NEIGHBOURS);
    var ports = IntStream.concat(remembered.stream(), usual).iterator();
    while (ports.hasNext()) {
      var socket = bindIfFree(ports.nextInt());
      if (socket.isPresent()) {
        return socket.get();
      }
    }
    return bind(0);
  }

  private static Optional<ServerSocket> bindIfFree(int port) throws IOException {
    try {
      return Optional.of(bind(port));
    } catch (BindException taken) {
      return Optional.empty();
    }
  }

  private static ServerSocket bind(int port) throws IOException {
    var socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port));
      return socket;
    } catch (IOException taken) {
      socket.close();
      throw taken;
    }
  }
}
