using System.Text.RegularExpressions;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>Tests the workflows, hooks, and build files before they run. Otherwise, an error would show only on GitHub or Azure.</summary>
public sealed partial class DeliveryFileTests
{
    [Fact]
    public async Task Shell_scripts_pass_ShellCheck()
    {
        string[] scripts = [.. Repository.Files().Where(static file => IsShellScript(Repository.PathOf(file)))];

        string[] known =
        [
            ".ci/run", "infra/tests/evaluate", "infra/hooks/preprovision.sh", "infra/hooks/deploy-second.sh", "infra/hooks/postdeploy.sh",
        ];
        Assert.Superset(known.ToHashSet(), scripts.ToHashSet());
        await Check.PassesAsync("shell", [.. scripts.Select(Repository.PathOf)]);
    }

    [Fact]
    public async Task Workflows_are_valid_pass_ShellCheck_and_pin_actions_by_digest()
    {
        string[] workflows = [.. Repository.Files().Where(static file => file.StartsWith(".github/workflows/", StringComparison.Ordinal))];

        Assert.Superset(new HashSet<string> { ".github/workflows/ci.yml", ".github/workflows/deploy.yml" }, workflows.ToHashSet());
        await Check.PassesAsync("workflow", [.. workflows.Select(Repository.PathOf)]);
    }

    [Fact]
    public Task The_Dockerfile_has_no_mistake() => Check.PassesAsync("dockerfile", [Repository.PathOf("Dockerfile")]);

    // `func start` builds the app into bin/output and starts it there. With --no-build, it looks in the project folder, which contains no
    // app.
    [Theory]
    [InlineData(".github/workflows/ci.yml", "&& func start")]
    [InlineData(".vscode/tasks.json", "\"command\": \"host start")]
    public async Task Start_command_also_builds_the_Functions_app(string file, string command)
    {
        var lines = (await Repository.ReadAsync(file, TestContext.Current.CancellationToken)).Split('\n');

        Assert.DoesNotContain("--no-build", Assert.Single(lines, line => line.Contains(command, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("shell", "infra/hooks/postdeploy.sh", "doctor \"$MCP_URL\"", "doctor $MCP_URL", "SC2086")]
    [InlineData("shell", "infra/hooks/deploy-second.sh", "\nfi", "\n", "SC1046")]
    [InlineData("shell", "infra/hooks/smoke-test.sh", "#!/bin/sh", "#!/bin/sh\n[[ -z $1 ]]", "SC3010")]
    [InlineData("workflow", ".github/workflows/ci.yml", "    runs-on: ", "    run-on: ", "Unexpected value 'run-on'")]
    [InlineData("workflow", ".github/workflows/ci.yml", "${{ github.ref }}", "${{ githob.ref }}", "Unrecognized named-value: 'githob'")]
    [InlineData("workflow", ".github/workflows/deploy.yml", "contents: read", "contents: maybe", "Unexpected value 'maybe'")]
    [InlineData("workflow", ".github/workflows/deploy.yml", "-id \"$AZURE_CLIENT_ID\"", "-id $AZURE_CLIENT_ID", "SC2086")]
    [InlineData(
        "workflow",
        ".github/workflows/codeql.yml",
        "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
        "actions/checkout@v5",
        "not pinned by digest")]
    [InlineData("dockerfile", "Dockerfile", "WORKDIR /source", "WORKDIRR /source", "Unknown instruction: WORKDIRR")]
    [InlineData("dockerfile", "Dockerfile", "COPY . .", "COPY .", "COPY requires at least two arguments")]
    public Task A_mistake_is_found(string check, string file, string written, string broken, string finding) =>
        Check.FindsErrorAsync(check, [], file, written, broken, finding);

    private static bool IsShellScript(string path)
    {
        using var file = File.OpenText(path);
        return path.EndsWith(".sh", StringComparison.Ordinal) || (file.ReadLine() is { } line && ShellLine().IsMatch(line));
    }

    [GeneratedRegex(@"^#!.*\b(ba)?sh\b")]
    private static partial Regex ShellLine();
}
