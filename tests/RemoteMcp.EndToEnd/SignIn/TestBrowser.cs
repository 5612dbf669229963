using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Tests;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>What a client finds when it opens a browser: one that presses a button without a person (tests/clients/browser.mjs).</summary>
internal sealed class TestBrowser : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-browser-");

    /// <param name="trust">What Node is given to trust the sign-in page.</param>
    /// <param name="button">The value of the button that is pressed on a page with several; the first one's where it is left out.</param>
    public TestBrowser(IReadOnlyDictionary<string, string> trust, string? button = null)
    {
        // The name by which those look for it in the PATH who do not ask $BROWSER.
        var program = Path.Combine(_folder.FullName, "xdg-open");
        File.WriteAllText(program, $"#!/bin/sh\n: > \"$0-$$\"\n'{Programs.NodeProgram}' '{Path.Combine(Programs.ClientsFolder, "browser.mjs")}' \"$1\"\nrm \"$0-$$\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Environment = new Dictionary<string, string>(trust)
        {
            // What xdg-open, and the one that npm's open brings along, start.
            ["BROWSER"] = program,
            ["PATH"] = _folder.FullName + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH"),
            ["BROWSER_BUTTON"] = button ?? "",
            ["BROWSER_PAGE"] = PageFile,
            // Clients keep what they got there.
            ["HOME"] = _folder.FullName,
            // The Inspector's: it opens one where nobody is at a terminal.
            ["MCP_AUTO_OPEN_ENABLED"] = "true",
        };
    }

    /// <summary>For the client's process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    private string PageFile => Path.Combine(_folder.FullName, "page.txt");

    /// <summary>
    /// Waits until the browser was opened and is done, and returns the text of its last page. Every test does so while its client still runs
    /// or after it ended by itself: a client may be done before the browser is, which then still writes into the folder.
    /// </summary>
    public async Task<string> LastPageAsync()
    {
        await Eventually.IsTrueAsync(() => File.Exists(PageFile) && _folder.GetFiles("xdg-open-*").Length == 0, within: s_limit);
        return await File.ReadAllTextAsync(PageFile, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
