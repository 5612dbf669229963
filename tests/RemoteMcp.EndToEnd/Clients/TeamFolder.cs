namespace RemoteMcp.EndToEnd.Clients;

/// <summary>A folder as a team shares it: a few notes, and an archive of 100,000 files that takes a search a while.</summary>
internal sealed class TeamFolder : IDisposable
{
    public const string Hello = "Hello from the folder that the team shares.\n";
    public const string Needle = "the needle in the archive";
    public const string PartOfArchive = "archive/00";
    public const int ArchiveFiles = 100_000;

    public const int Parts = 40;

    private const string Line = "A line of an old file that nobody has looked at for years.\n";
    private const int LinesPerFile = 20;

    private readonly DirectoryInfo _folder;

    private TeamFolder(DirectoryInfo folder) => _folder = folder;

    /// <summary>Bytes in a file of the archive; each part has one that ends with the <see cref="Needle"/> besides.</summary>
    public static int ArchiveFileLength => Line.Length * LinesPerFile;

    public string Path => _folder.FullName;

    public static TeamFolder Create()
    {
        var folder = new TeamFolder(Directory.CreateTempSubdirectory("remote-mcp-team-"));
        folder._folder.CreateSubdirectory("notes");
        File.WriteAllText(System.IO.Path.Combine(folder.Path, "notes", "hello.txt"), Hello);
        var text = string.Concat(Enumerable.Repeat(Line, LinesPerFile));
        Parallel.For(0, Parts, part =>
        {
            var directory = folder._folder.CreateSubdirectory($"archive/{part:00}").FullName;
            for (var file = 0; file < ArchiveFiles / Parts; file++)
            {
                File.WriteAllText(System.IO.Path.Combine(directory, $"{file:0000}.txt"), file == 1234 ? text + Needle : text);
            }
        });
        return folder;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
