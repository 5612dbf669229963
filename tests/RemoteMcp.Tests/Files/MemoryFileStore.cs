using System.Text;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tests.Files;

/// <summary>Represents a file store in memory that lists files in the required order and reports opened files to the test.</summary>
internal sealed class MemoryFileStore : IFileStore
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private int _opened;

    /// <summary>Gets the number of opened files.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>Gets or sets the function that runs before the store opens a file. The count includes this file.</summary>
    public Func<FilePath, int, CancellationToken, Task> OnOpen { get; set; } = static (_, _, _) => Task.CompletedTask;

    /// <summary>Gets or sets the action that runs when a walk finds a file.</summary>
    public Action<FilePath> OnFound { get; set; } = static _ => { };

    /// <summary>Gets or sets the function that creates the stream of a file.</summary>
    public Func<byte[], Stream> OpenStream { get; set; } = static content => new MemoryStream(content);

    public MemoryFileStore Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    public MemoryFileStore Write(string path, byte[] content)
    {
        _files[path] = content;
        return this;
    }

    public ValueTask<FileEntry> GetAsync(FilePath path, CancellationToken cancellationToken) =>
        _files.ContainsKey(path.Value) ? ValueTask.FromResult(Entry(path.Value))
        : path.IsRoot || _files.Keys.Any(key => key.StartsWith(path.Value + "/", StringComparison.Ordinal))
            ? ValueTask.FromResult(new FileEntry(path, FileKind.Directory))
        : throw new FileProblemException(FileProblem.NotFound, path);

    public IAsyncEnumerable<FileEntry> ListAsync(FilePath directory, string? after, CancellationToken cancellationToken) =>
        Guarded(directory, start => Children(start).Where(entry => after is null || string.CompareOrdinal(entry.Position, after) > 0));

    public IAsyncEnumerable<FileEntry> WalkAsync(
        FilePath directory, string? after, Func<FilePath, bool> enter, CancellationToken cancellationToken) =>
        Guarded(directory, start => Below(start)
            .Where(path => after is null || string.CompareOrdinal(path, after) > 0)
            .Where(path => Ancestors(path).Where(ancestor => ancestor.Length > start.Value.Length).All(ancestor => enter(Parse(ancestor))))
            .Select(Entry)
            .TakeWhile(entry =>
            {
                OnFound(entry.Path);
                cancellationToken.ThrowIfCancellationRequested();
                return true;
            }));

    public async ValueTask<FileContent> OpenAsync(FilePath path, long offset, CancellationToken cancellationToken)
    {
        await OnOpen(path, Interlocked.Increment(ref _opened), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var entry = await GetAsync(path, cancellationToken);
        if (entry.Kind != FileKind.File)
        {
            throw new FileProblemException(FileProblem.IsDirectory, path);
        }

        var stream = OpenStream(_files[path.Value]);
        stream.Position = offset;
        return new FileContent(entry, stream);
    }

    private async IAsyncEnumerable<FileEntry> Guarded(FilePath directory, Func<FilePath, IEnumerable<FileEntry>> list)
    {
        if ((await GetAsync(directory, CancellationToken.None)).Kind == FileKind.File)
        {
            throw new FileProblemException(FileProblem.IsFile, directory);
        }

        foreach (var entry in list(directory))
        {
            yield return entry;
        }
    }

    private IEnumerable<string> Below(FilePath directory) =>
        _files.Keys.Where(key => directory.IsRoot || key.StartsWith(directory.Value + "/", StringComparison.Ordinal));

    private IEnumerable<FileEntry> Children(FilePath directory) => Below(directory)
        .Select(path => (Path: path, End: path.IndexOf('/', directory.IsRoot ? 0 : directory.Value.Length + 1)))
        .Select(child => child.End < 0 ? Entry(child.Path) : new FileEntry(Parse(child.Path[..child.End]), FileKind.Directory))
        .DistinctBy(entry => entry.Position);

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    private FileEntry Entry(string path) => new(Parse(path), FileKind.File)
    {
        Length = _files[path].Length,
        LastModified = DateTimeOffset.UnixEpoch,
        ETag = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_files[path]))[..16],
    };

    private static FilePath Parse(string path) =>
        FilePath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem);
}
