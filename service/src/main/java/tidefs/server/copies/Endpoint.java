package tidefs.server.copies;

import java.net.URI;

/**
 * Where the control plane of another Region is.
 *
 * @param region the Region
 * @param url its API; https, or http within a network that is trusted
 * @param accessKeyId whose permissions there hold
 * @param secretAccessKey the secret of that key
 */
public record Endpoint(String region, URI url, String accessKeyId, String secretAccessKey) {
  @Override
  public String toString() {
    return region + " at " + url; // Without the secret.
  }
}
