package tidefs.store.s3;

import java.net.URI;

/**
 * A bucket and how to reach it. Requests name it in the path, as every S3-compatible store
 * understands.
 *
 * @param endpoint scheme, host and port, without a path
 * @param prefix what names of objects begin with; empty or ending with a slash
 */
public record Bucket(
    URI endpoint, String region, String name, String prefix, String accessKeyId, String secretKey) {
  /** Checks the endpoint and the prefix. */
  public Bucket {
    String scheme = String.valueOf(endpoint.getScheme());
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("an endpoint is a URL such as https://s3.example.com");
    }
    if (!prefix.isEmpty() && !prefix.endsWith("/")) {
      throw new IllegalArgumentException("a prefix ends with a slash");
    }
    if (!prefix.matches("[A-Za-z0-9/_.-]*") || !name.matches("[a-z0-9][a-z0-9.-]{1,62}")) {
      throw new IllegalArgumentException("names of buckets and prefixes are plain words");
    }
  }

  /** The same bucket with a longer prefix. */
  public Bucket below(String more) {
    return new Bucket(endpoint, region, name, prefix + more + "/", accessKeyId, secretKey);
  }

  @Override
  public String toString() {
    return endpoint + "/" + name + "/" + prefix; // Without the secret.
  }
}
