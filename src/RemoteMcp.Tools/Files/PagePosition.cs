using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>Where a paged answer goes on: behind an entry, or behind a line of a file.</summary>
/// <param name="Path">The entry's <see cref="FileEntry.Position"/>.</param>
/// <param name="Line">The last line that was searched; 0 when the whole entry is done.</param>
internal readonly record struct PagePosition(string Path, long Line);
