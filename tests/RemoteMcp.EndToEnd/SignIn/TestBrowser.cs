using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>The browser that a client opens. It selects a button without a user (tests/clients/browser.mjs).</summary>
internal sealed class TestBrowser : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-browser-");

    /// <param name="trust">The environment variables that make Node trust the sign-in page.</param>
    /// <param name="button">
    /// The value of the button to select on a page with several buttons. By default, <c>approve</c> or the first button.
    /// </param>
    public TestBrowser(IReadOnlyDictionary<string, string> trust, string? button = null)
    {
        // Clients that ignore $BROWSER search the PATH for a browser with this name.
        var program = Path.Combine(_folder.FullName, "xdg-open");
        var script = Path.Combine(Programs.ClientsFolder, "browser.mjs");
        File.WriteAllText(program, $"#!/bin/sh\n: > \"$0-$$\"\n'{Programs.NodeProgram}' '{script}' \"$1\"\nrm \"$0-$$\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Environment = new Dictionary<string, string>(trust)
        {
            // xdg-open starts this program. So does the xdg-open that the npm package 'open' contains.
            ["BROWSER"] = program,
            ["PATH"] = _folder.FullName + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH"),
            ["BROWSER_BUTTON"] = button ?? "",
            ["BROWSER_PAGE"] = PageFile,
            // The folder in which clients store their tokens.
            ["HOME"] = _folder.FullName,
            // Makes the Inspector open a browser although it has no terminal.
            ["MCP_AUTO_OPEN_ENABLED"] = "true",
        };
    }

    /// <summary>The environment variables for the process of the client.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    private string PageFile => Path.Combine(_folder.FullName, "page.txt");

    /// <summary>
    /// Waits until the browser has opened and ended, and returns the text of its last page. Every test calls this method before it stops
    /// its client. The client can end before the browser, which then still writes to the folder.
    /// </summary>
    public async Task<string> LastPageAsync()
    {
        await Eventually.IsTrueAsync(() => File.Exists(PageFile) && _folder.GetFiles("xdg-open-*").Length == 0, within: s_limit);
        return await File.ReadAllTextAsync(PageFile, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
