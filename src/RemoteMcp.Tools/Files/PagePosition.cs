using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>The position where a paged result continues: after an entry, or after a line of a file.</summary>
/// <param name="Path">The <see cref="FileEntry.Position"/> of the entry.</param>
/// <param name="Line">The number of the last line that was searched, or 0 if the whole entry is complete.</param>
internal readonly record struct PagePosition(string Path, long Line);
