package io.tidegate.receivers;

import io.tidegate.http.Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One connection, seen from the receiver.
public final class Conversation {
  private final Socket raw;
  private final InputStream in;
  private final OutputStream out;

  /// @param body whole
  public record Request(String method, String path, Headers headers, byte[] body) {}

  /// @param raw below TLS; the same when there is none
  Conversation(Socket socket, Socket raw) throws IOException {
    this.raw = raw;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /// Null when the other side has ended.
  @Nullable Request next() throws IOException {
    var first = line();
    if (first == null) {
      return null;
    }
    var words = first.split(" ", -1);
    var fields = new ArrayList<Headers.Field>();
    for (var line = line(); line != null && !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      fields.add(new Headers.Field(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return new Request(words[0], words[1], Headers.of(fields), body(fields));
  }

  private byte[] body(List<Headers.Field> fields) throws IOException {
    for (var field : fields) {
      if (field.name().equals("content-length")) {
        return in.readNBytes(Integer.parseInt(field.value()));
      }
      if (field.name().equals("transfer-encoding")) {
        return chunks();
      }
    }
    return new byte[0];
  }

  private byte[] chunks() throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      var line = line();
      if (line == null) {
        throw new EOFException();
      }
      int size = Integer.parseInt(line, 16);
      all.write(in.readNBytes(size));
      line();
      if (size == 0) {
        return all.toByteArray();
      }
    }
  }

  private @Nullable String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /// Exactly these bytes.
  public void say(String text) throws IOException {
    say(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void say(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /// A whole and proper reply. Names and values of headers in turn.
  public void reply(int status, String body, String... headers) throws IOException {
    var head = new StringBuilder("HTTP/1.1 ").append(status).append(" Some Reason\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    var content = body.getBytes(StandardCharsets.UTF_8);
    if (status != 204 && status != 304) {
      head.append("content-length: ").append(content.length).append("\r\n");
    }
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(
        head.append("\r\n")
            .toString()
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^http", "HTTP")
            .getBytes(StandardCharsets.UTF_8));
    whole.writeBytes(content);
    say(whole.toByteArray());
  }

  /// Says nothing more, until the other side has had enough of it.
  public void stall() throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
    throw new EOFException();
  }

  /// Closes without a word, as proxies and restarts do.
  public void close() throws IOException {
    out.close();
    throw new EOFException();
  }

  /// Breaks the connection off with a TCP reset.
  public void reset() throws IOException {
    raw.setSoLinger(true, 0);
    raw.close();
    throw new EOFException();
  }
}
