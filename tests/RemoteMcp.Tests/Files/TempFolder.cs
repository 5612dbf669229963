using System.Text;

namespace RemoteMcp.Tests.Files;

/// <summary>Represents a temporary folder that is deleted after the test.</summary>
public sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("remote-mcp-files-").FullName;

    public string FullPath(string path) => System.IO.Path.Combine(Root, path);

    public TempFolder Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    public TempFolder Write(string path, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(FullPath(path))!);
        File.WriteAllBytes(FullPath(path), content);
        return this;
    }

    public TempFolder Link(string path, string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(FullPath(path))!);
        File.CreateSymbolicLink(FullPath(path), target);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
