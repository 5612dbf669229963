namespace RemoteMcp.Testing;

/// <summary>The files of this repository.</summary>
internal static class Repository
{
    // The folders that builds and package managers write.
    private static readonly string[] s_generated =
        [".git", "node_modules", "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = Find();

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static Task<string> ReadAsync(string file, CancellationToken cancellationToken) =>
        File.ReadAllTextAsync(PathOf(file), cancellationToken);

    /// <summary>Lists every file that is not generated, as a path relative to the root.</summary>
    public static IEnumerable<string> Files() =>
        Files(new DirectoryInfo(Root)).Select(static file => Path.GetRelativePath(Root, file).Replace('\\', '/'));

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} contains Functions.sln.");
    }

    private static IEnumerable<string> Files(DirectoryInfo folder) =>
        folder.EnumerateFileSystemInfos().SelectMany(static entry => entry switch
        {
            DirectoryInfo inner => s_generated.Contains(inner.Name) ? [] : Files(inner),
            _ => [entry.FullName],
        });
}
