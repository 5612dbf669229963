using System.CommandLine;
using System.Text;
using RemoteMcp.Cli.Commands;
using RemoteMcp.Clients;
using Xunit;

namespace RemoteMcp.Tests.Migration;

/// <summary>Runs <c>remote-mcp migrate</c> with a temporary home folder and a temporary project folder.</summary>
public abstract class MigrateFixture : IDisposable
{
    protected const string Url = "https://mcp.example.com/mcp";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("migrate");

    protected MigrateFixture()
    {
        Project = _folder.CreateSubdirectory("project").FullName;
        Home = _folder.CreateSubdirectory("home").FullName;
    }

    protected string Project { get; }

    protected string Home { get; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _folder.Delete(recursive: true);

    protected Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => RunInAsync(Project, arguments);

    protected async Task<(int Exit, string Output, string Error)> RunInAsync(string folder, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var environment = new UserEnvironment(folder, Home, Path.Combine(Home, "appdata"), null);
        var root = new RootCommand { MigrateCommand.Create(environment) };
        var exit = await root.Parse(["migrate", .. arguments]).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
        return (exit, output.ToString(), error.ToString());
    }

    protected string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    protected string Write(string name, byte[] content)
    {
        var path = Path.Combine(Project, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    protected static string Read(string path) => Encoding.UTF8.GetString(File.ReadAllBytes(path));

    protected static void AssertUntouched(string path, string content)
    {
        Assert.Equal(content, Read(path));
        Assert.False(File.Exists(path + ".bak"));
    }
}
