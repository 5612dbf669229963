using RemoteMcp.Cli.Clients;
using Xunit;

namespace RemoteMcp.Tests.Clients;

public sealed class LaunchCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("launch");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_installed_executable_is_started_directly()
    {
        var launch = LaunchCommand.Of("/opt/remote-mcp/remote-mcp", "/opt/remote-mcp/", "/usr/bin/dotnet");

        var entry = launch.Stdio("files", "/srv/my files");

        Assert.Equal("files", entry.Name);
        Assert.Equal("/opt/remote-mcp/remote-mcp", entry.Command);
        Assert.Equal(["stdio", "--root", "/srv/my files"], entry.Arguments);
    }

    [Theory]
    [InlineData("dotnet")]
    [InlineData("dotnet.exe")]
    public void A_DLL_is_started_by_the_current_dotnet_host(string host)
    {
        var launch = LaunchCommand.Of(Path.Combine("/usr/share/dotnet", host), "/opt/remote-mcp/", "unused");

        Assert.Equal(Path.Combine("/usr/share/dotnet", host), launch.Command);
        Assert.Equal(["exec", Path.Combine("/opt/remote-mcp/", "remote-mcp.dll")], launch.Arguments);
    }

    [Theory]
    [InlineData("bin/Debug/net10.0")]
    [InlineData("bin/Release/net10.0/linux-x64")]
    public void Build_output_is_started_with_dotnet_run(string output)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "RemoteMcp.Cli.csproj"), "<Project/>");
        var directory = _folder.CreateSubdirectory(output).FullName + Path.DirectorySeparatorChar;

        var launch = LaunchCommand.Of(Path.Combine(directory, "remote-mcp"), directory, "/usr/bin/dotnet");

        Assert.Equal("/usr/bin/dotnet", launch.Command);
        Assert.Equal(["run", "--project", _folder.FullName, "--"], launch.Arguments);
    }

    [Fact]
    public void A_folder_called_bin_is_not_a_build_output()
    {
        var directory = _folder.CreateSubdirectory("bin").FullName;

        Assert.Empty(LaunchCommand.Of(Path.Combine(directory, "remote-mcp"), directory, "/usr/bin/dotnet").Arguments);
    }

    [Fact]
    public void The_command_for_this_process_is_a_path_that_exists()
    {
        var launch = LaunchCommand.Current();

        Assert.True(Path.IsPathFullyQualified(launch.Command) && File.Exists(launch.Command), launch.Command);
    }
}
