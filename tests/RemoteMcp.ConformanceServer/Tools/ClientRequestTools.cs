using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace RemoteMcp.ConformanceServer.Tools;

/// <summary>Tools that request a completion from the client of a session, or input from its user.</summary>
internal sealed class ClientRequestTools
{
    [McpServerTool(Name = "test_sampling"), Description("Asks the client's model for a completion.")]
    public static async Task<string> Sample(McpServer server, string prompt, CancellationToken cancellationToken)
    {
        var answer = await server.SampleAsync(
            new CreateMessageRequestParams
            {
                Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
                MaxTokens = 100,
            },
            cancellationToken);
        return $"LLM response: {string.Concat(answer.Content.OfType<TextContentBlock>().Select(block => block.Text))}";
    }

    [McpServerTool(Name = "test_elicitation"), Description("Asks the user for a name and an address.")]
    public static Task<string> Elicit(McpServer server, string message, CancellationToken cancellationToken) =>
        AskAsync(server, message, new()
        {
            Properties = new Dictionary<string, PrimitiveSchemaDefinition>
            {
                ["username"] = new StringSchema { Description = "User's response" },
                ["email"] = new StringSchema { Description = "User's email address" },
            },
            Required = ["username", "email"],
        }, cancellationToken);

    [McpServerTool(Name = "test_elicitation_sep1034_defaults")]
    [Description("Asks the user, with a default value for every primitive type.")]
    public static Task<string> ElicitWithDefaults(McpServer server, CancellationToken cancellationToken) =>
        AskAsync(server, "Please confirm or change the defaults.", new()
        {
            Properties = new Dictionary<string, PrimitiveSchemaDefinition>
            {
                ["name"] = new StringSchema { Default = "John Doe" },
                ["age"] = new NumberSchema { Type = "integer", Default = 30 },
                ["score"] = new NumberSchema { Default = 95.5 },
                ["status"] = new UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
                ["verified"] = new BooleanSchema { Default = true },
            },
        }, cancellationToken);

    [McpServerTool(Name = "test_elicitation_sep1330_enums"), Description("Asks the user, with every kind of selection.")]
    public static Task<string> ElicitWithEnums(McpServer server, CancellationToken cancellationToken) =>
        AskAsync(server, "Please choose.", new()
        {
            Properties = new Dictionary<string, PrimitiveSchemaDefinition>
            {
                ["untitledSingle"] = new UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
                ["titledSingle"] = new TitledSingleSelectEnumSchema { OneOf = Titled("First Option", "Second Option", "Third Option") },
#pragma warning disable MCP9001 // Deprecated in the protocol, but the suite has a scenario for it.
                ["legacyEnum"] = new LegacyTitledEnumSchema
                {
                    Enum = ["opt1", "opt2", "opt3"],
                    EnumNames = ["Option One", "Option Two", "Option Three"],
                },
#pragma warning restore MCP9001
                ["untitledMulti"] = new UntitledMultiSelectEnumSchema { Items = new() { Enum = ["option1", "option2", "option3"] } },
                ["titledMulti"] = new TitledMultiSelectEnumSchema
                {
                    Items = new() { AnyOf = Titled("First Choice", "Second Choice", "Third Choice") },
                },
            },
        }, cancellationToken);

    private static EnumSchemaOption[] Titled(params string[] titles) =>
        [.. titles.Select((title, index) => new EnumSchemaOption { Const = $"value{index + 1}", Title = title })];

    private static async Task<string> AskAsync(
        McpServer server, string message, RequestSchema schema, CancellationToken cancellationToken)
    {
        var answer = await server.ElicitAsync(new ElicitRequestParams { Message = message, RequestedSchema = schema }, cancellationToken);
        return $"Elicitation completed: action={answer.Action}, content={JsonSerializer.Serialize(answer.Content)}";
    }
}
