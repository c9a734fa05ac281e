package io.tidegate.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.network.InvalidReceiveException;
import org.apache.kafka.common.network.TransportLayer;
import org.junit.jupiter.api.Test;

class BoundedFramesTest {

  @Test
  void letsThroughWhatIsWithinBounds() throws IOException {
    var frames = frames(frame("hello"), frame("r=abc,s=salt,i=4096"), frame(""), frame("bye"));
    var target = ByteBuffer.allocate(200);

    while (frames.read(target) > 0) {
      // on to the end
    }

    assertThat(target.position()).isEqualTo(4 * 4 + 5 + 19 + 3);
  }

  @Test
  void endsAtAReplyThatIsAnnouncedTooLarge() {
    var frames = frames(frame("hello"), new byte[] {0x7f, -1, -1, -1});

    assertThatThrownBy(() -> readAll(frames)).isInstanceOf(InvalidReceiveException.class);
  }

  @Test
  void endsAtALoginThatWouldTakeForAges() {
    var frames = frames(frame("hello"), frame("r=abc,s=salt,i=2000000000"));

    assertThatThrownBy(() -> readAll(frames))
        .isInstanceOf(InvalidReceiveException.class)
        .hasMessageContaining("rounds");
  }

  private static void readAll(BoundedFrames frames) throws IOException {
    var target = ByteBuffer.allocate(7);
    while (frames.read(target) > 0) {
      target.clear();
    }
  }

  private static byte[] frame(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  /// A transport that has all of this to give, in pieces of eleven bytes.
  private static BoundedFrames frames(byte[]... all) {
    int size = 0;
    for (var each : all) {
      size += each.length;
    }
    var source = ByteBuffer.allocate(size);
    for (var each : all) {
      source.put(each);
    }
    source.flip();
    var inner =
        (TransportLayer)
            Proxy.newProxyInstance(
                BoundedFramesTest.class.getClassLoader(),
                new Class<?>[] {TransportLayer.class},
                (_, _, arguments) -> {
                  var target = (ByteBuffer) arguments[0];
                  int count = Math.min(Math.min(11, target.remaining()), source.remaining());
                  target.put(source.slice(source.position(), count));
                  source.position(source.position() + count);
                  return count == 0 ? -1 : count;
                });
    return new BoundedFrames(inner, 1024);
  }
}
