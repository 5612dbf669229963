using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>Checks that other files agree with the templates.</summary>
public sealed partial class AgreementTests
{
    private static readonly string s_repository = Path.GetFullPath(Path.Combine(ThisFolder(), "../../.."));

    [Fact]
    public void Each_parameter_is_described_with_the_variable_that_sets_it()
    {
        var described = DescribedParameter().Matches(Read("infra/main.bicep"))
            .ToDictionary(static match => match.Groups["parameter"].Value, static match => match.Groups["variable"].Value);

        Assert.Equal(
            DeclaredParameter().Matches(Read("infra/main.bicep")).Select(static match => match.Groups["parameter"].Value), described.Keys);
        Assert.Equal(
            AssignedParameter().Matches(Read("infra/main.bicepparam"))
                .ToDictionary(static match => match.Groups["parameter"].Value, static match => match.Groups["variable"].Value),
            described);
    }

    [Fact]
    public void Each_variable_is_documented_and_reaches_the_pipeline()
    {
        var variables = AssignedParameter().Matches(Read("infra/main.bicepparam"))
            .Select(static match => match.Groups["variable"].Value).ToHashSet();

        Assert.Equal(variables.Order(),
            DocumentedVariable().Matches(Read("docs/deploy.md")).Select(static match => match.Groups["variable"].Value).Order());
        // azd passes its own variables to the pipeline.
        Assert.Equal(
            variables.Where(static variable => variable.StartsWith("MCP_", StringComparison.Ordinal)).Order(),
            PipelineVariable().Matches(Read("azure.yaml")).Select(static match => match.Groups["variable"].Value).Order());
    }

    // azd runs `dotnet user-secrets init` on each service. If a project has no id, the command adds an id and a byte order mark to the
    // file.
    [Fact]
    public void The_project_of_each_service_has_a_user_secrets_id()
    {
        var projects = ServiceProject().Matches(Read("azure.yaml")).Select(static match => match.Groups["folder"].Value).Distinct()
            .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(s_repository, folder), "*.csproj")).ToList();

        Assert.NotEmpty(projects);
        Assert.All(projects, static project => Assert.Matches("<UserSecretsId>[0-9a-f-]{36}</UserSecretsId>", File.ReadAllText(project)));
    }

    // At a higher level than Information, the host reports only failed functions, and a 401 or 500 is not one of them. Alerts and the
    // workbook would then find nothing. If sampling removed an exception, a request whose client disconnected would count as a failure.
    [Fact]
    public void The_host_logs_every_request_and_sampling_keeps_every_audit_log_entry()
    {
        var logging = JsonElement.Parse(Read("host.json")).GetProperty("logging");

        Assert.Equal("Information", logging.GetProperty("logLevel").GetProperty("Host.Results").GetString());
        Assert.Equal("Information", logging.GetProperty("logLevel").GetProperty("default").GetString());
        var sampling = logging.GetProperty("applicationInsights").GetProperty("samplingSettings");
        Assert.Equal("Request;Trace;Exception", sampling.GetProperty("excludedTypes").GetString());
    }

    [Fact]
    public void The_server_logs_the_messages_that_alerts_and_the_workbook_look_for()
    {
        var lines = MessageQuery().Matches(Read("infra/monitoring/alerts.bicep") + Read("infra/monitoring/workbook.json"))
            .Select(static match => match.Groups["line"].Value).Distinct().ToList();
        var written = Directory.EnumerateFiles(Path.Combine(s_repository, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(static file =>
                LoggedMessage().Matches(File.ReadAllText(file)).Select(static match => match.Groups["line"].Value)).ToList();

        Assert.Equal(4, lines.Count);
        Assert.All(lines, line => Assert.Contains(written, message => message.StartsWith(line, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_error_alert_matches_the_message_that_the_server_logs()
    {
        var line = LoggedMessage().Matches(Read("src/RemoteMcp/Http/ErrorResponses.cs")).Select(static match => match.Groups["line"].Value)
            .Single(static message => message.StartsWith("{Method} {Path}", StringComparison.Ordinal));

        Assert.Matches(
            MessageRegex().Match(Read("infra/monitoring/alerts.bicep")).Groups["expression"].Value,
            line.Replace("{Method}", "POST", StringComparison.Ordinal).Replace("{Path}", "/mcp/message", StringComparison.Ordinal));
    }

    [Fact]
    public void The_workbook_and_the_alerts_recognize_disconnected_clients_alike()
    {
        var alerts = ClientErrors().Match(Read("infra/monitoring/alerts.bicep")).Groups["errors"].Value;
        var workbook = DisconnectErrors().Matches(Read("infra/monitoring/workbook.json"))
            .Select(static match => match.Groups["errors"].Value.Replace('\'', '"'));

        Assert.Equal([alerts, alerts, alerts], workbook);
    }

    [Fact]
    public void Alerts_recognize_calls_by_the_names_of_their_functions()
    {
        var functions = Functions().Matches(Read("src/RemoteMcp.Functions/HttpFunctions.cs"));

        Assert.Equal(
            ["Mcp", "McpSse", "McpMessage"],
            functions
                .Where(static function => function.Groups["name"].Value.StartsWith("Mcp", StringComparison.OrdinalIgnoreCase))
                .Select(static function => function.Groups["name"].Value));
        Assert.All(functions, static function => Assert.Equal(
            function.Groups["name"].Value.StartsWith("Mcp", StringComparison.OrdinalIgnoreCase),
            function.Groups["route"].Value.StartsWith("mcp", StringComparison.Ordinal)));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(s_repository, path));

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"^param (?<parameter>\w+) ", RegexOptions.Multiline)]
    private static partial Regex DeclaredParameter();

    [GeneratedRegex(
        @"^@description\('.*\. azd env set (?<variable>\w+)'\)\n(@\w+\(.*\)\n)*param (?<parameter>\w+) ", RegexOptions.Multiline)]
    private static partial Regex DescribedParameter();

    [GeneratedRegex(@"^param (?<parameter>\w+) = .*readEnvironmentVariable\('(?<variable>\w+)', ''\)", RegexOptions.Multiline)]
    private static partial Regex AssignedParameter();

    [GeneratedRegex(@"^\| `(?<variable>(AZURE|MCP)_\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedVariable();

    [GeneratedRegex("""Message startswith ["'](?<line>[^"']+)["']""")]
    private static partial Regex MessageQuery();

    [GeneratedRegex(@"Message matches regex ""(?<expression>[^""]+)""")]
    private static partial Regex MessageRegex();

    [GeneratedRegex("^var clientErrors = '(?<errors>[^']+)'$", RegexOptions.Multiline)]
    private static partial Regex ClientErrors();

    [GeneratedRegex(@"tostring\(Details\) has_any \((?<errors>[^)]+)\)")]
    private static partial Regex DisconnectErrors();

    [GeneratedRegex("""\[LoggerMessage\([^"]*Message = "(?<line>[^"]+)""")]
    private static partial Regex LoggedMessage();

    [GeneratedRegex("""\[Function\("(?<name>\w+)"\)\].*?Route = "(?<route>[^"]+)""", RegexOptions.Singleline)]
    private static partial Regex Functions();

    [GeneratedRegex(@"^ +project: (?<folder>\S+)$", RegexOptions.Multiline)]
    private static partial Regex ServiceProject();

    [GeneratedRegex(@"^ +- (?<variable>MCP_\w+)$", RegexOptions.Multiline)]
    private static partial Regex PipelineVariable();
}
