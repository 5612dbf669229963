using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.ConformanceServer.Prompts;

internal sealed class FixturePrompts
{
    [McpServerPrompt(Name = "test_simple_prompt"), Description("A prompt without arguments.")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments"), Description("A prompt that repeats its arguments.")]
    public static string WithArguments(
        [Description("First test argument")] string arg1, [Description("Second test argument")] string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource"), Description("A prompt that contains a resource.")]
    public static PromptMessage[] WithEmbeddedResource([Description("URI of the resource to embed")] string resourceUri) =>
    [
        FromUser(new EmbeddedResourceBlock
        {
            Resource = new TextResourceContents
            {
                Uri = resourceUri,
                MimeType = "text/plain",
                Text = "Embedded resource content for testing.",
            },
        }),
        FromUser(new TextContentBlock { Text = "Please process the embedded resource above." }),
    ];

    [McpServerPrompt(Name = "test_prompt_with_image"), Description("A prompt that contains an image.")]
    public static PromptMessage[] WithImage() =>
        [FromUser(Samples.Image), FromUser(new TextContentBlock { Text = "Please analyze the image above." })];

    [McpServerPrompt(Name = "test_input_required_result_prompt"), Description("Asks for a context before it returns the prompt.")]
    public static string AskFirst(RequestContext<GetPromptRequestParams> context) =>
        context.Params?.InputResponses.TryGet("user_context", InputResponse.ElicitResultJsonTypeInfo, out var answer) == true
            ? $"Please continue using context: {answer.Field("context")}"
            : throw Inputs.Require("user_context", Inputs.Text("What context should the prompt use?", "context"));

    private static PromptMessage FromUser(ContentBlock content) => new() { Role = Role.User, Content = content };
}
