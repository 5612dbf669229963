namespace RemoteMcp.EndToEnd.Delivery.Documents;

/// <summary>A command of the documents that <see cref="DocumentedCommandTests"/> runs, and its expected output.</summary>
/// <param name="Command">The command as the document shows it.</param>
/// <param name="Says">The text that the command prints when it succeeds.</param>
/// <param name="Ending">The arguments that the reader has to add, or the arguments that a test needs.</param>
internal sealed record ExecutedCommands(string Command, string Says, string Ending = "")
{
    public const string Serve = "dotnet run --project src/RemoteMcp.Cli -- serve";
    public const string Emulate = "dotnet run --project tests/RemoteMcp.Emulators -- --resource http://127.0.0.1:7071/mcp";
    public const string Import =
        "remote-mcp analytics import data.csv --set RemoteMcp:Storage:TableEndpoint=https://ACCOUNT.table.core.windows.net";

    public const string ServeWithSignIn =
        "dotnet build src/RemoteMcp.Cli && set -a && . /tmp/remote-mcp-emulators/environment && set +a && "
        + "dotnet run --no-build --project src/RemoteMcp.Cli -- serve";

    // In the text, a command without options stands for its name.
    private const string Named = " --help";
    // A test cannot run these tests itself, so it only lists them.
    private const string Listed = " -list classes";

    /// <summary>The commands that run until they are stopped or that need storage. Each has a separate test.</summary>
    public static readonly string[] WithSeparateTests = [Serve, "remote-mcp serve", Emulate, ServeWithSignIn, Import];

    /// <summary>The script in docs/identity.md, which <see cref="RegistrationScriptTests"/> runs completely.</summary>
    public static readonly string[] RegistrationScript =
    [
        "app=$(az ad app create …",
        "az ad sp create --id \"$app\"",
        "use=$(uuidgen) write=$(uuidgen) invoke=$(uuidgen) admin=$(uuidgen)",
        "cat > registration.json <<EOF…",
        "az rest --method PATCH …",
        "az ad app update --id \"$app\" …",
        "az ad app federated-credential create --id \"$app\" …",
        "az ad app permission add --id \"$app\" …",
        "RemoteMcp__Auth__Mode=Entra",
        "RemoteMcp__Auth__TenantId=$(az account show --query tenantId -o tsv)",
        "RemoteMcp__Auth__ClientId=$app",
    ];

    /// <summary>
    /// The commands that run to completion on a machine where Cursor has GitHub's server configured, with a server at URL.
    /// </summary>
    public static readonly ExecutedCommands[] RunToCompletion =
    [
        new("dotnet run --project src/RemoteMcp.Cli --", "remote-mcp [command]", Named),
        new("remote-mcp advise", "--use-case", Named),
        new("remote-mcp advise --needs secrets audit --users several --json", "\"deployment\": \"remote\""),
        new("remote-mcp advise --use-case github --needs local-files", "HYBRID: Run two servers"),
        new("remote-mcp analytics import", "--dry-run", Named),
        new("remote-mcp config", "--client", Named),
        new("remote-mcp config --client claude-desktop --write", "Added \"remote-mcp\" to"),
        new("remote-mcp config --client cursor --write", "Added \"remote-mcp\" to"),
        new("remote-mcp config --client vscode --write", "Added \"remote-mcp\" to"),
        new("remote-mcp config --help", "--stdio"),
        new("remote-mcp doctor", "--client-id", Named),
        new("remote-mcp doctor URL", "ok    Latency                20 calls"),
        new("remote-mcp doctor https://HOST/mcp", "ok    MCP 2026-07-28"),
        new("remote-mcp migrate", "local   'github'"),
        new("remote-mcp migrate --client cursor --to github=https://mcp.example.com/mcp", "+     \"url\": \"https://mcp.example.com/mcp\""),
        new("remote-mcp migrate --client cursor --to github=https://mcp.example.com/mcp --write", ".bak"),
        new("remote-mcp stdio", "--root", Named),
        new(
            "dotnet run --project tests/RemoteMcp.EndToEnd -- -class \"*BigTreeTests\" -showLiveOutput",
            "RemoteMcp.EndToEnd.Scale.BigTreeTests",
            Listed),
        new(
            "dotnet run --project tests/RemoteMcp.EndToEnd -- -class \"*.Fleet.*\"",
            "RemoteMcp.EndToEnd.Fleet.FleetJourneyTests",
            Listed),
        new(
            "REMOTE_MCP_FUNCTIONS_URL=http://localhost:7071 "
            + "dotnet run --project tests/RemoteMcp.EndToEnd -- -class \"*FunctionsSmokeTests\"",
            "RemoteMcp.EndToEnd.Functions.FunctionsSmokeTests",
            Listed),
        new(
            "REMOTE_MCP_SCHEMAS=/tmp/schemas dotnet run --project tests/RemoteMcp.EndToEnd -- -class \"*PublishedSchemaTests\"",
            "RemoteMcp.EndToEnd.Delivery.PublishedSchemaTests", Listed),
    ];
}
