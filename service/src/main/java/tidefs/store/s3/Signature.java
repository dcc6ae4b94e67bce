package tidefs.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 of a request to S3 ("Authenticating Requests: Using the Authorization
 * Header" in the S3 API Reference), for paths and queries that are in canonical form already.
 *
 * @param time of the request, as {@code X-Amz-Date} carries it
 * @param contentHash SHA-256 of the body, in hexadecimal
 * @param authorization the header
 */
record Signature(String time, String contentHash, String authorization) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String SIGNED = "host;x-amz-content-sha256;x-amz-date";

  /** Signs. */
  static Signature of(
      Bucket bucket, Instant now, String method, String path, String query, byte[] body) {
    String time = TIME.format(now);
    String day = time.substring(0, 8);
    String hash = hex(sha256(body));
    String host = bucket.endpoint().getAuthority();
    String canonical =
        String.join(
            "\n",
            method,
            path,
            query,
            "host:" + host,
            "x-amz-content-sha256:" + hash,
            "x-amz-date:" + time,
            "",
            SIGNED,
            hash);
    String scope = day + "/" + bucket.region() + "/s3/aws4_request";
    String toSign =
        String.join("\n", "AWS4-HMAC-SHA256", time, scope, hex(sha256(canonical.getBytes(UTF_8))));
    byte[] key = hmac(("AWS4" + bucket.secretKey()).getBytes(UTF_8), day);
    for (String part : new String[] {bucket.region(), "s3", "aws4_request"}) {
      key = hmac(key, part);
    }
    return new Signature(
        time,
        hash,
        "AWS4-HMAC-SHA256 Credential="
            + bucket.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + SIGNED
            + ", Signature="
            + hex(hmac(key, toSign)));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
    }
  }
}
