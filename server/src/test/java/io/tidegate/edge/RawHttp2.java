package io.tidegate.edge;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server of HTTP/2 in clear text that sends exactly the frames that a test wants sent.
final class RawHttp2 implements AutoCloseable {
  static final int NO_ERROR = 0;
  static final int INTERNAL_ERROR = 2;
  static final int REFUSED_STREAM = 7;
  static final int CANCEL = 8;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int PREFACE = 24;

  /// What is done with a request.
  interface Script {
    /// @param number of the request, over all connections, from 1
    void answer(int number, int stream, Line to) throws IOException;
  }

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Script script;
  private final boolean silent;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// Connections, each as the list of what came on it: `request`, `reset 8`.
  final List<List<String>> seen = new CopyOnWriteArrayList<>();

  /// @param silent sends not even its settings
  RawHttp2(boolean silent, Script script) throws IOException {
    this.silent = silent;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort() + "/";
  }

  long requests() {
    return seen.stream().flatMap(List::stream).filter("request"::equals).count();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var socket = listening.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    var heard = new CopyOnWriteArrayList<String>();
    seen.add(heard);
    try (socket) {
      var line = new Line(socket.getOutputStream());
      var in = new DataInputStream(socket.getInputStream());
      in.readNBytes(PREFACE);
      if (!silent) {
        line.frame(SETTINGS, 0, 0);
      }
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        var payload = in.readNBytes(length);
        if (type == SETTINGS && flags == 0 && !silent) {
          line.frame(SETTINGS, 1, 0);
        } else if (type == HEADERS) {
          heard.add("request");
          script.answer((int) requests(), stream, line);
        } else if (type == RST_STREAM) {
          heard.add("reset " + ByteBuffer.wrap(payload).getInt());
        }
      }
    } catch (IOException _) {
      // the other side has ended, or the script wants it so
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (var socket : open) {
      socket.close();
    }
  }

  /// One connection.
  static final class Line {
    private final OutputStream out;

    Line(OutputStream out) {
      this.out = out;
    }

    void frame(int type, int flags, int stream, int... payload) throws IOException {
      var bytes = ByteBuffer.allocate(9 + payload.length);
      bytes.put((byte) (payload.length >> 16)).putShort((short) payload.length);
      bytes.put((byte) type).put((byte) flags).putInt(stream);
      for (int value : payload) {
        bytes.put((byte) value);
      }
      out.write(bytes.array());
      out.flush();
    }

    /// `200` without a body.
    void reply(int stream) throws IOException {
      frame(HEADERS, 5, stream, 0x88);
    }

    /// A head that a body follows, or other heads.
    void head(int stream, int status) throws IOException {
      frame(
          HEADERS, 4, stream, 8, 3, '0' + status / 100, '0' + status / 10 % 10, '0' + status % 10);
    }

    void data(int stream, int size, boolean last) throws IOException {
      frame(DATA, last ? 1 : 0, stream, new int[size]);
    }

    void reset(int stream, int code) throws IOException {
      frame(RST_STREAM, 0, stream, 0, 0, 0, code);
    }

    void goAway(int last, int code) throws IOException {
      frame(GOAWAY, 0, 0, 0, 0, 0, last, 0, 0, 0, code);
    }

    void close() throws IOException {
      out.close();
    }
  }
}
