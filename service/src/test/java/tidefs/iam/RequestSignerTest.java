package tidefs.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Against vectors of AWS's own Signature Version 4 test suite. */
final class RequestSignerTest {
  private static final RequestSigner SIGNER =
      new RequestSigner(
          "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service");

  private final SortedMap<String, String> headers = new TreeMap<>();

  @Test
  void aPlainRequestIsSignedAsInTheSuite() {
    assertThat(SIGNER.authorization("GET", "/", headers(), new byte[0]))
        .isEqualTo(
            "AWS4-HMAC-SHA256"
                + " Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + " SignedHeaders=host;x-amz-date, Signature="
                + "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  }

  @Test
  void aFormIsSignedAsInTheSuite() {
    headers().put("content-type", "application/x-www-form-urlencoded");
    byte[] body = "Param1=value1".getBytes(StandardCharsets.UTF_8);
    assertThat(SIGNER.authorization("POST", "/", headers, body))
        .endsWith("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
  }

  @Test
  void theSecretIsNotShown() {
    assertThat(SIGNER.toString()).doesNotContain("wJalr");
  }

  private SortedMap<String, String> headers() {
    headers.put("host", "example.amazonaws.com");
    headers.put("x-amz-date", "20150830T123600Z");
    return headers;
  }
}
