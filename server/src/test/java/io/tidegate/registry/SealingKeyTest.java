package io.tidegate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealingKeyTest {
  private final Secret text = SealingKey.generate();
  private final SealingKey key = SealingKey.parse(text);
  private final Secret secret = new Secret("whsec_ключ");

  @Test
  void opensWhatItSealed() {
    var sealed = key.seal(secret);

    assertThat(SealingKey.isSealed(sealed)).isTrue();
    assertThat(sealed).startsWith("sealed:v1:" + key.id() + ":").doesNotContain("whsec");
    assertThat(key.open(sealed)).isEqualTo(secret);
    assertThat(SealingKey.parse(text).open(sealed)).isEqualTo(secret);
  }

  @Test
  void sealsTheSameSecretDifferentlyEachTime() {
    assertThat(key.seal(secret)).isNotEqualTo(key.seal(secret));
  }

  @Test
  void namesTheKeyThatIsMissing() {
    var other = SealingKey.parse(SealingKey.generate());

    assertThatThrownBy(() -> other.open(key.seal(secret)))
        .isInstanceOf(SealingKey.Unopened.class)
        .hasMessageContaining(key.id())
        .hasMessageContaining(other.id());
  }

  @Test
  void opensWithAnOlderKeyAfterAChange() {
    var newer = SealingKey.generate();

    var both = SealingKey.parse(new Secret(newer.reveal() + ", " + text.reveal()));

    assertThat(both.open(key.seal(secret))).isEqualTo(secret);
    assertThat(both.id()).isEqualTo(SealingKey.parse(newer).id());
  }

  @Test
  void noticesAChangeAnywhere() {
    var sealed = key.seal(secret);
    for (var i = sealed.lastIndexOf(':') + 1; i < sealed.length() - 1; i++) {
      var flipped = sealed.charAt(i) == 'A' ? 'B' : 'A';
      var changed = sealed.substring(0, i) + flipped + sealed.substring(i + 1);

      assertThatThrownBy(() -> key.open(changed)).isInstanceOf(SealingKey.Unopened.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "sealed:v1:", "sealed:v1:x:y:z", "sealed:v1:00000000:AAAA"})
  void opensNothingElse(String text) {
    assertThatThrownBy(() -> key.open(text)).isInstanceOf(SealingKey.Unopened.class);
    assertThatThrownBy(() -> key.open("sealed:v1:" + key.id() + ":AA"))
        .isInstanceOf(SealingKey.Unopened.class);
  }

  @Test
  void readsHexToo() {
    assertThat(SealingKey.parse(new Secret("ab".repeat(32) + "\n")).id()).hasSize(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "AAAA", "!!!!", "zz"})
  void saysWhatAKeyLooksLikeWithoutShowingIt(String text) {
    assertThatThrownBy(() -> SealingKey.parse(new Secret(text)))
        .hasMessage("a sealing key is 32 bytes, in hex or base64");
  }
}
