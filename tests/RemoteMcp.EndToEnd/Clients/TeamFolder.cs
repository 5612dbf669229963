using System.Diagnostics;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>
/// A folder like the shared folder of a team: a few notes, and an archive with so many files that a search takes some time.
/// </summary>
internal sealed class TeamFolder : IDisposable
{
    public const string Hello = "Hello from the folder that the team shares.\n";

    /// <summary>A text that one file of each part of the archive contains.</summary>
    public const string Needle = "the needle in the archive";

    public const string PartOfArchive = "archive/00";
    public const int ArchiveFiles = 100_000;
    public const int Parts = 40;

    private const string Line = "A line of an old file that nobody has looked at for years.\n";
    private const int LinesPerFile = 20;
    private const int FilesPerPart = ArchiveFiles / Parts;

    private readonly DirectoryInfo _folder;

    private TeamFolder(DirectoryInfo folder) => _folder = folder;

    /// <summary>The length in bytes of a file of the archive. In each part, one file also ends with the <see cref="Needle"/>.</summary>
    public static int ArchiveFileLength => Line.Length * LinesPerFile;

    public string Path => _folder.FullName;

    /// <summary>Creates and fills the folder. The caller disposes it.</summary>
    public static TeamFolder Create()
    {
        var folder = new TeamFolder(Directory.CreateTempSubdirectory("remote-mcp-team-"));
        folder._folder.CreateSubdirectory("notes");
        File.WriteAllText(System.IO.Path.Combine(folder.Path, "notes", "hello.txt"), Hello);

        var first = folder._folder.CreateSubdirectory(PartOfArchive).FullName;
        var text = string.Concat(Enumerable.Repeat(Line, LinesPerFile));
        for (var file = 0; file < FilesPerPart; file++)
        {
            File.WriteAllText(System.IO.Path.Combine(first, $"{file:0000}.txt"), file == FilesPerPart / 2 ? text + Needle : text);
        }

        for (var part = 1; part < Parts; part++)
        {
            Link(first, System.IO.Path.Combine(folder.Path, PartOf(part)));
        }

        return folder;
    }

    /// <summary>Creates a smaller copy for tests that write files: the notes and some parts of the archive.</summary>
    public DirectoryInfo CopyOf(int parts)
    {
        var copy = Directory.CreateTempSubdirectory("remote-mcp-team-");
        copy.CreateSubdirectory("archive");
        File.WriteAllText(System.IO.Path.Combine(copy.CreateSubdirectory("notes").FullName, "hello.txt"), Hello);
        for (var part = 0; part < parts; part++)
        {
            Link(System.IO.Path.Combine(Path, PartOf(part)), System.IO.Path.Combine(copy.FullName, PartOf(part)));
        }

        return copy;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string PartOf(int number) => System.IO.Path.Combine("archive", $"{number:00}");

    // Uses hard links where the system supports them. On a busy disk, it takes minutes to write and delete 100,000 files.
    private static void Link(string directory, string target)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(target);
            foreach (var file in Directory.EnumerateFiles(directory))
            {
                File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
            }

            return;
        }

        using var copy = Process.Start("cp", ["-al", directory, target]);
        copy.WaitForExit();
        if (copy.ExitCode != 0)
        {
            throw new IOException($"cp -al {directory} {target} ended with {copy.ExitCode}.");
        }
    }
}
