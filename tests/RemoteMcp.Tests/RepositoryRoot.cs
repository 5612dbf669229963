namespace RemoteMcp.Tests;

/// <summary>Provides the root folder of the repository, which contains the output folder of the tests.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder!.FullName, "Functions.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
