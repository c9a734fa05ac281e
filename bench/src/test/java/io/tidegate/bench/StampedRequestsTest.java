package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StampedRequestsTest {
  private static final byte[] REQUEST =
      bytes("POST /x\r\n\r\n{\"n\":\"" + StampedRequests.PLACE + "\"}");

  @Test
  void writesNumberAndTimeIntoTheirPlace() {
    var requests = new StampedRequests(List.of(REQUEST, REQUEST));
    var request = requests.request(1);

    requests.prepare(1, request, 12_345);
    requests.prepare(1, request, 67_890);

    assertThat(StandardCharsets.US_ASCII.decode(request).toString())
        .isEqualTo("POST /x\r\n\r\n{\"n\":\"000000010000000000000067890\"}");
    assertThat(requests.sent()).isEqualTo(2);
  }

  @Test
  void refusesARequestWithoutAPlace() {
    assertThatThrownBy(() -> new StampedRequests(List.of(bytes("POST /"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no place");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
