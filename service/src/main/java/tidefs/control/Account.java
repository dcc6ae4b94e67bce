package tidefs.control;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** The one account and Region that this server serves. The account id has 12 digits. */
public record Account(String id, String region) {
  /** Refuses what no AWS client would accept. */
  public Account {
    if (!id.matches("[0-9]{12}")) {
      throw new IllegalArgumentException("account id '" + id + "' is not 12 digits");
    }
    if (!region.matches("[a-z]{2}-((iso[a-z]?-)|(gov-))?[a-z]+-?[0-9]?")) {
      throw new IllegalArgumentException("'" + region + "' is not the name of a Region");
    }
  }

  /** The same account in another Region. */
  public Account in(String otherRegion) {
    return new Account(id, otherRegion);
  }

  /** The ARN of a file system. */
  public String fileSystemArn(String fileSystemId) {
    return "arn:aws:elasticfilesystem:" + region + ":" + id + ":file-system/" + fileSystemId;
  }

  /** The ARN of an access point. */
  public String accessPointArn(String accessPointId) {
    return "arn:aws:elasticfilesystem:" + region + ":" + id + ":access-point/" + accessPointId;
  }

  /**
   * The id in an ARN of a file system or access point of this account and Region. Any other text is
   * returned as it is: it names nothing that exists here, if it is no id.
   */
  String bareId(String idOrArn) {
    for (String prefix : List.of(fileSystemArn(""), accessPointArn(""))) {
      if (idOrArn.startsWith(prefix)) {
        return idOrArn.substring(prefix.length());
      }
    }
    return idOrArn;
  }

  /** The ARN of a KMS key or alias: {@code key/} or {@code alias/} and its name. */
  public String kmsArn(String name) {
    return "arn:aws:kms:" + region + ":" + id + ":" + name;
  }

  /** The id of the key that encrypts what no other key was named for. */
  String defaultKeyId() {
    String name = kmsArn(KmsKey.DEFAULT_ALIAS);
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** The ARN of a KMS key of this account that is named by id, alias or ARN. */
  String kmsKeyArn(String key) {
    if (key.startsWith("arn:")) {
      return key;
    }
    String arn = "arn:aws:kms:" + region + ":" + id + ":";
    if (key.equals(KmsKey.DEFAULT_ALIAS)) {
      return arn + "key/" + defaultKeyId();
    }
    return arn + (key.startsWith("alias/") ? key : "key/" + key);
  }
}
