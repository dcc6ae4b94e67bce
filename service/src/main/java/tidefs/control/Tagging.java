package tidefs.control;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The calls on tags of file systems and access points, which are named by id or ARN. */
public final class Tagging {
  private final Account account;
  private final Resources resources;

  Tagging(Account account, Resources resources) {
    this.account = account;
    this.resources = resources;
  }

  /** Sets tags; those with other keys stay. */
  public void tag(String idOrArn, Tags tags) throws ApiRefusal {
    change(idOrArn, before -> before.with(tags));
  }

  /** Removes the tags of the given keys, as far as they exist. */
  public void untag(String idOrArn, List<String> keys) throws ApiRefusal {
    change(idOrArn, before -> before.without(keys));
  }

  /** The tags of a resource, in the order in which they were first set. */
  public Page<Map.Entry<String, String>> list(String idOrArn, PageRequest page) throws ApiRefusal {
    Tags tags =
        resources.call((tables, _) ->
            switch (taggable(tables, idOrArn)) {
              case FileSystem it -> it.settings().tags();
              case AccessPoint it -> it.tags();
              case MountTarget _, Standing _ -> Tags.NONE;
            });
    NavigableMap<String, Map.Entry<String, String>> numbered = new TreeMap<>();
    for (Map.Entry<String, String> tag : tags.values().entrySet()) {
      numbered.put("%03d".formatted(numbered.size()), tag);
    }
    return page.of(numbered, Limits.PAGE_ENTRIES);
  }

  @FunctionalInterface
  private interface Change {
    Tags of(Tags before) throws ApiRefusal;
  }

  private void change(String idOrArn, Change change) throws ApiRefusal {
    resources.call((tables, changes) ->
        switch (taggable(tables, idOrArn)) {
          case FileSystem it -> {
            FileSystemSettings settings = it.settings();
            yield changes.put(it.with(settings.withTags(change.of(settings.tags()))));
          }
          case AccessPoint it -> changes.put(it.with(change.of(it.tags())));
          case MountTarget it -> it; // Mount targets have no tags, and no id gets here.
          case Standing it -> it; // Nor do their ids.
        });
  }

  private Resource taggable(ResourceTables tables, String idOrArn) throws ApiRefusal {
    String id = account.bareId(idOrArn);
    return id.contains("fsap-") ? tables.accessPoint(id) : tables.fileSystem(id);
  }
}
