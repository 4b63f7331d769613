# What the desktop needs; looked for once, at the top, because imported targets live in their directory.
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Charts Svg Test)
find_package(VTK 9.1 REQUIRED COMPONENTS CommonCore CommonDataModel FiltersCore FiltersGeneral RenderingCore
  RenderingOpenGL2 RenderingFreeType RenderingAnnotation InteractionStyle IOGeometry IOPLY)
# Tests read surfaces with the last two; the program does without their readers of a dozen image formats.
list(REMOVE_ITEM VTK_LIBRARIES VTK::IOGeometry VTK::IOPLY)

# Three precompiled headers: for the folder that knows no widgets, for those that do, and for the window, which knows
# charts and VTK too.
set(models_headers <nlohmann/json.hpp> <QObject> <QStringList> <filesystem> <functional> <map> <optional> <variant>)
set(widgets_headers ${models_headers} <QComboBox> <QLabel> <QPainter> <QTableWidget> <QTimer> <QToolButton>
  <QVBoxLayout>)
rind_precompiled(desktop_pch_models HEADERS ${models_headers} LINK nlohmann_json::nlohmann_json Qt6::Core)
rind_precompiled(desktop_pch_widgets HEADERS ${widgets_headers} LINK nlohmann_json::nlohmann_json Qt6::Widgets)
rind_precompiled(desktop_pch_window
  HEADERS ${widgets_headers} <QApplication> <QChartView> <QMainWindow> <QProcess> <vtkGenericOpenGLRenderWindow.h>
    <vtkPolyData.h> <vtkRenderer.h>
  LINK nlohmann_json::nlohmann_json Qt6::Widgets Qt6::Charts ${VTK_LIBRARIES})
foreach(flavour models widgets window)
  target_compile_definitions(desktop_pch_${flavour} PRIVATE QT_NO_KEYWORDS)
endforeach()

# rind_desktop_library(NAME PCH models|widgets|window LINK … [PRIVATE_LINK …]): a folder of the desktop, all its
# sources, with Qt's generated code. Qt's own words `signals`, `slots` and `emit` are off: VTK and LibTorch use some of
# them.
function(rind_desktop_library name)
  cmake_parse_arguments(ARG "" "PCH" "LINK;PRIVATE_LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  file(GLOB headers CONFIGURE_DEPENDS *.h)
  rind_library(${name} SOURCES ${sources} ${headers} LINK ${ARG_LINK} PRIVATE_LINK ${ARG_PRIVATE_LINK})
  # A new header is seen by an old build folder too.
  set_target_properties(${name} PROPERTIES AUTOMOC ON AUTOGEN_TARGET_DEPENDS "${headers}")
  target_compile_definitions(${name} PUBLIC QT_NO_KEYWORDS)
  target_precompile_headers(${name} REUSE_FROM desktop_pch_${ARG_PCH})
endfunction()
