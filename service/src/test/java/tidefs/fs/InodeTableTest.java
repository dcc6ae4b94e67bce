package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InodeTableTest {
  private static final int INODES = 20_000;
  private static final int FEW = 2_000; // Some in each shard.
  private static final long PLENTY_BYTES = 1L << 30;

  @Test
  void inodesThatAreGoneAreNotKept() {
    InodeTable table = new InodeTable(PLENTY_BYTES);
    for (int ino = 1; ino <= INODES; ino++) {
      Inode inode = table.obtain(ino);
      inode.markGone();
      table.gone(inode);
    }
    assertThat(table.kept()).isLessThan(FEW);
  }

  @Test
  void inodesThatAreThereStayWhenOthersGo() {
    InodeTable table = new InodeTable(PLENTY_BYTES);
    List<Inode> there = new ArrayList<>();
    for (int ino = 1; ino <= INODES; ino++) {
      Inode inode = table.obtain(ino);
      if (ino % 2 == 0) {
        there.add(inode);
      } else {
        inode.markGone();
        table.gone(inode);
      }
    }
    assertThat(table.kept()).isBetween(there.size(), there.size() * 3 / 2);
    assertThat(there).allMatch(each -> each.kept);
  }
}
