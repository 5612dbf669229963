namespace RemoteMcp.EndToEnd.Delivery.Documents;

/// <summary>The commands of the documents that no test runs as they are shown.</summary>
internal static class ExemptCommands
{
    private const string Azd = "azd, signed in to a subscription; deploy.yml does what `azd up` does";
    private const string AzdSetting = "azd and an environment of it; AgreementTests hold the variables to the templates";
    private const string Az = "the Azure CLI, signed in as somebody who may do this in the tenant";
    private const string Core = "Azure Functions Core Tools; the functions job of ci.yml starts the app so and calls it";
    private const string ThisRun = "this run itself, which is what it would start";
    private const string Value = "nothing: a value that the reader fills in";
    private const string Browser = "a person at a browser; SignedInClientTests run this client with a scripted one";

    /// <summary>A command, or with <c>…</c> at the end the beginning of a long one; and what it needs that is not here.</summary>
    public static readonly (string Command, string Needs)[] All =
    [
        ("azd auth login", Azd),
        ("azd deploy", Azd),
        ("azd down", Azd),
        ("azd down --purge", Azd),
        ("azd env get-value MCP_…", Azd),
        ("azd env set", AzdSetting),
        ("azd env set AZURE_LOCATION northeurope", AzdSetting),
        ("azd env set MCP_…", AzdSetting),
        ("azd env set NAME VALUE", AzdSetting),
        ("azd pipeline config --provider github --auth-type federated", Azd),
        ("azd provision", Azd),
        ("azd provision --preview", Azd),
        ("azd up", Azd),
        ("identity=$(azd env get-value MCP_IDENTITY_PRINCIPAL_ID)", Azd),
        ("registration=$(azd env get-value MCP_REGISTRATION_CLIENT_ID)", Azd),

        ("az ad app delete --id \"$registration\"", Az),
        ("az ad app federated-credential create --id CLIENT_ID --parameters …", Az),
        ("az ad app permission add --id CLIENT_ID …", Az),
        ("az ad app permission admin-consent --id CLIENT", Az),
        ("az ad app permission admin-consent --id CLIENT_ID", Az),
        ("az functionapp list-flexconsumption-locations", Az),
        ("az login", Az),
        ("az provider register --namespace Microsoft.App", Az),
        ("az rest --method DELETE --url \"https://graph.microsoft.com/v1.0/directory/deletedItems/$object\"", Az),
        ("az role assignment create --assignee-object-id \"$identity\" --assignee-principal-type ServicePrincipal --role Reader --scope /subscriptions/SUBSCRIPTION_ID", Az),
        ("az role assignment create --assignee-object-id \"$identity\" --assignee-principal-type ServicePrincipal --role \"Log Analytics Reader\" --scope WORKSPACE_RESOURCE_ID", Az),
        ("az functionapp update-strategy config show", Az),
        ("az network traffic-manager endpoint update --resource-group rg-NAME …", Az),
        ("az role assignment create --role \"Key Vault Certificate User\" --assignee …", Az),
        ("az storage account failover --name stdata…", Az),
        ("az storage blob upload-batch --account-name stdata… --destination files --source DIR --auth-mode login", Az),
        ("az role assignment delete --assignee \"$identity\" --scope /subscriptions/SUBSCRIPTION_ID", Az),
        ("identity=…", Value),
        ("object=$(az ad app show --id \"$registration\" --query id --output tsv)", Az),

        ("cd src/RemoteMcp.Functions && func start", Core),
        ("cp local.settings.sample.json local.settings.json", "a checkout to write to; the functions job of ci.yml runs it"),
        ("func start", Core),
        ("npx azurite --inMemoryPersistence --silent", "Azurite's fixed ports; every test with storage runs it, on free ones"),

        ("MCP_TENANT_ID=… MCP_CLIENT_ID=… MCP_PUBLIC_URL=https://tools.contoso.com docker compose up", "Docker; ContainerTests run what the image would hold, the container job of ci.yml the image"),

        ("claude mcp add --transport http remote-mcp http://127.0.0.1:7071/mcp", "Claude Code; Serving_prints_what_to_paste_into_each_client finds the same in what `serve` prints"),
        ("npx -y mcp-remote URL", "a client that starts it; McpRemoteTests do"),
        ("npx mcp-remote https://HOST/mcp …", Browser),
        ("npx @modelcontextprotocol/inspector --transport http --server-url http://127.0.0.1:7071/mcp", "a browser; InspectorTests run its command line"),
        ("npx @modelcontextprotocol/inspector --cli --transport http --server-url https://HOST/mcp --client-id CLIENT-ID …", Browser),
        ("npx @modelcontextprotocol/inspector --cli --transport http --server-url http://127.0.0.1:7071/mcp …", "the tool that the reader writes there; InspectorTests run it with the tools that are here"),
        ("set -a && . /tmp/remote-mcp-emulators/environment && set +a && \\\nnpx @modelcontextprotocol/inspector --cli …", Browser),

        ("dotnet user-secrets clear --project src/RemoteMcp.Functions", "the user secrets that azd writes on the reader's machine"),
        ("dotnet run --no-build --project tests/RemoteMcp.FunctionsHost -- --app src/RemoteMcp.Functions/bin/Debug/net10.0", "a build in the reader's folder; every Functions test starts the same program"),
        ("dotnet build Functions.sln", "a build beside the one that runs this test"),
        ("dotnet test --project tests/RemoteMcp.Tests", ThisRun),
        ("dotnet test --solution Functions.sln --max-parallel-test-modules 1", ThisRun),
        ("UPDATE_SNAPSHOTS=1 dotnet run --project tests/RemoteMcp.Tests -- -class \"*ToolSnapshotTests\"", "a checkout to write to; ToolSnapshotTests run without"),
        ("REMOTE_MCP_INFRA_SNAPSHOTS=/tmp/predictions/infra/tests dotnet run --project tests/RemoteMcp.Tests -- …", "bicep's predictions; ci.yml makes them and runs it"),
        ("tests/fetch-schemas /tmp/schemas", "GitHub; ci.yml runs it"),
        ("infra/tests/evaluate /tmp/predictions", "bicep and Microsoft's registry of its extensions; ci.yml runs it"),
        ("cd tests/clients && node_modules/node/bin/node browse.mjs http://127.0.0.1:7071/ /tmp/page", "a server on the fixed port; HomePageInBrowserTests run it on another"),
        ("dotnet run -c Release --project bench/RemoteMcp.Benchmarks", "minutes on a machine that does nothing else"),
        ("dotnet run -c Release --project bench/RemoteMcp.Benchmarks -- functions", "minutes on a machine that does nothing else"),
    ];

    /// <summary>Whether a command is the one of an entry, or begins as it does.</summary>
    public static bool Fits(string entry, string command) =>
        entry.EndsWith('…') ? command.StartsWith(entry[..^1], StringComparison.Ordinal) : command == entry;
}
